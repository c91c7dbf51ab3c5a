#include "client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

int fail(BenchClient *client, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(client->error, sizeof client->error, format, arguments);
  va_end(arguments);
  return BENCH_FAILED;
}

const char *bench_client_error(const BenchClient *client) { return client->error; }

void append(Bytes *to, const void *bytes, size_t count) {
  if (to->count + count > to->capacity) {
    to->capacity = to->count + count > 2 * to->capacity ? to->count + count : 2 * to->capacity;
    to->bytes = realloc(to->bytes, to->capacity);
  }
  if (count) memcpy(to->bytes + to->count, bytes, count);
  to->count += count;
}

static void drop_first(Bytes *from, size_t count) {
  from->count -= count;
  if (from->count) memmove(from->bytes, from->bytes + count, from->count);
}

/// An idle connection keeps no buffers.
static void forget(Bytes *bytes) {
  free(bytes->bytes);
  *bytes = (Bytes){0};
}

void append_frame(BenchClient *client, Bytes *to, int opcode, const void *bytes, size_t count) {
  uint8_t head[14] = {(uint8_t)(0x80 | opcode)};
  size_t length = 2;
  if (count < 126) {
    head[1] = (uint8_t)(0x80 | count);
  } else if (count < 65536) {
    head[1] = 0x80 | 126;
    head[2] = (uint8_t)(count >> 8);
    head[3] = (uint8_t)count;
    length = 4;
  } else {
    head[1] = 0x80 | 127;
    for (int i = 0; i < 8; i++) head[2 + i] = (uint8_t)((uint64_t)count >> (56 - 8 * i));
    length = 10;
  }
  // xorshift: the mask need not be hard to guess here.
  client->dice ^= client->dice << 13;
  client->dice ^= client->dice >> 7;
  client->dice ^= client->dice << 17;
  uint8_t *mask = head + length;
  memcpy(mask, &client->dice, 4);
  append(to, head, length + 4);
  append(to, bytes, count);
  uint8_t *payload = to->bytes + to->count - count;
  for (size_t i = 0; i < count; i++) payload[i] ^= mask[i & 3];
}

static void watch(BenchClient *client, int number, uint32_t events) {
  struct epoll_event interest = {.events = events, .data.u32 = (uint32_t)number};
  epoll_ctl(client->epoll, EPOLL_CTL_MOD, client->connections[number].descriptor, &interest);
}

/// Returns how much was written, 0 if nothing can be just now.
static long write_some(BenchClient *client, Connection *connection, const uint8_t *bytes, size_t count) {
  if (connection->tls) {
    int written = SSL_write(connection->tls, bytes, (int)count);
    if (written > 0) return written;
    int error = SSL_get_error(connection->tls, written);
    if (error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ) return 0;
    return fail(client, "TLS could not be written (%d)", error);
  }
  long written = send(connection->descriptor, bytes, count, MSG_NOSIGNAL);
  if (written >= 0) return written;
  if (errno == EAGAIN) return 0;
  return fail(client, "cannot send: %s", strerror(errno));
}

int send_bytes(BenchClient *client, int number, const uint8_t *bytes, size_t count) {
  Connection *connection = &client->connections[number];
  if (connection->waiting.count == 0) {
    while (count > 0) {
      long written = write_some(client, connection, bytes, count);
      if (written < 0) return BENCH_FAILED;
      if (written == 0) break;
      bytes += written;
      count -= (size_t)written;
    }
    if (count == 0) return 0;
    watch(client, number, EPOLLIN | EPOLLOUT);
  }
  append(&connection->waiting, bytes, count);
  return 0;
}

static int send_waiting(BenchClient *client, int number) {
  Connection *connection = &client->connections[number];
  while (connection->waiting.count > 0) {
    long written = write_some(client, connection, connection->waiting.bytes, connection->waiting.count);
    if (written < 0) return BENCH_FAILED;
    if (written == 0) return 0;
    drop_first(&connection->waiting, (size_t)written);
  }
  forget(&connection->waiting);
  watch(client, number, EPOLLIN);
  return 0;
}

int bench_client_send(BenchClient *client, int number, int opcode, const void *bytes, size_t count) {
  Bytes frame = {0};
  append_frame(client, &frame, opcode, bytes, count);
  int result = send_bytes(client, number, frame.bytes, frame.count);
  free(frame.bytes);
  return result;
}

/// Hands over the whole frames. Returns how many bytes they were, or BENCH_FAILED.
static long take_frames(
  BenchClient *client, int number, const uint8_t *bytes, size_t count, FrameHandler handler, void *context) {
  size_t taken = 0;
  while (count - taken >= 2) {
    const uint8_t *frame = bytes + taken;
    size_t header = 2, length = frame[1] & 0x7F;
    if (frame[1] & 0x80) return fail(client, "the server masks");
    if (length == 126) {
      if (count - taken < 4) break;
      length = (size_t)frame[2] << 8 | frame[3];
      header = 4;
    } else if (length == 127) {
      if (count - taken < 10) break;
      length = 0;
      for (int i = 0; i < 8; i++) length = length << 8 | frame[2 + i];
      header = 10;
    }
    if (count - taken - header < length) break;
    const uint8_t *payload = frame + header;
    int opcode = frame[0] & 0x0F;
    if (opcode == 8) {
      int code = length >= 2 ? payload[0] << 8 | payload[1] : 0;
      int shown = length > 2 ? (int)(length - 2) : 0;
      return fail(client, "connection %d was closed by the server with %d %.*s", number, code, shown, payload + 2);
    }
    if (opcode == 9) {
      if (bench_client_send(client, number, 10, payload, length) != 0) return BENCH_FAILED;
    } else if (opcode < 3 && handler(client, number, opcode, frame[0] & 0x80, payload, length, context) != 0) {
      return BENCH_FAILED;
    }
    taken += header + length;
  }
  return (long)taken;
}

static int take(BenchClient *client, int number, size_t count, FrameHandler handler, void *context) {
  Connection *connection = &client->connections[number];
  if (connection->partial.count == 0) {
    long taken = take_frames(client, number, client->input, count, handler, context);
    if (taken < 0) return BENCH_FAILED;
    append(&connection->partial, client->input + taken, count - (size_t)taken);
    return 0;
  }
  append(&connection->partial, client->input, count);
  long taken = take_frames(client, number, connection->partial.bytes, connection->partial.count, handler, context);
  if (taken < 0) return BENCH_FAILED;
  drop_first(&connection->partial, (size_t)taken);
  if (connection->partial.count == 0) forget(&connection->partial);
  return 0;
}

static int receive(BenchClient *client, int number, FrameHandler handler, void *context) {
  Connection *connection = &client->connections[number];
  if (!connection->tls) {
    long count = recv(connection->descriptor, client->input, READ_SIZE, 0);
    if (count > 0) return take(client, number, (size_t)count, handler, context);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    return fail(client, "connection %d is broken: %s", number, count ? strerror(errno) : "the server hung up");
  }
  for (;;) {
    int count = SSL_read(connection->tls, client->input, READ_SIZE);
    if (count <= 0) {
      int error = SSL_get_error(connection->tls, count);
      if (error == SSL_ERROR_WANT_READ) return 0;
      return fail(client, "connection %d is broken (TLS %d)", number, error);
    }
    if (take(client, number, (size_t)count, handler, context) != 0) return BENCH_FAILED;
    if (!SSL_has_pending(connection->tls)) return 0;
  }
}

int pump(BenchClient *client, int timeout_ms, FrameHandler handler, void *context) {
  struct epoll_event events[EVENTS];
  if (bench_is_interrupted()) return BENCH_INTERRUPTED;
  int count = epoll_wait(client->epoll, events, EVENTS, timeout_ms);
  if (count < 0) return errno == EINTR ? 0 : fail(client, "epoll: %s", strerror(errno));
  for (int i = 0; i < count; i++) {
    int number = (int)events[i].data.u32;
    if (events[i].events & EPOLLOUT && send_waiting(client, number) != 0) return BENCH_FAILED;
    if (events[i].events & ~(uint32_t)EPOLLOUT && receive(client, number, handler, context) != 0) return BENCH_FAILED;
  }
  return 0;
}
