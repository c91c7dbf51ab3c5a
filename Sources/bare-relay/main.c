#define _GNU_SOURCE
// The least that a relay for WebSocket messages can do, as a measure for others: epoll, one read and one write for what
// arrives at once, and between them the mask taken off. No JSON, no rules, no sign-in, no limits, no TLS.
//
// Connections come in pairs: the first two that ask for the same path, such as /pair/17, are partners.
//
//     bare-relay        prints "listening on http://127.0.0.1:PORT", and ends with SIGTERM
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 65536, INPUT = 65536, EVENTS = 512 };

typedef struct {
  /// The other descriptor of the pair; 0 as long as there is none.
  int partner;
  bool is_open;
  /// Received, and not a whole frame (or handshake) yet.
  uint8_t *partial;
  size_t count;
} Peer;

static Peer peers[CONNECTIONS];
/// Of each pair's number, the descriptor that came first.
static int waiting[CONNECTIONS];

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void hang_up(int descriptor) {
  Peer *peer = &peers[descriptor];
  if (peer->partner) peers[peer->partner].partner = 0;
  free(peer->partial);
  *peer = (Peer){0};
  close(descriptor);
}

static void write_all(int descriptor, const void *bytes, size_t count) {
  long written = send(descriptor, bytes, count, MSG_NOSIGNAL);
  // What a partner does not read would need a queue. Here nobody sends that much.
  if (written >= 0 && (size_t)written < count) die("a partner does not read");
}

static bool shake_hands(int descriptor, char *request) {
  static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned pair;
  char *key = strcasestr(request, "\r\nSec-WebSocket-Key: ");
  if (sscanf(request, "GET /pair/%u ", &pair) != 1 || pair >= CONNECTIONS || !key) return false;
  char text[24 + sizeof magic], digest[SHA_DIGEST_LENGTH], accept[32], response[256];
  snprintf(text, sizeof text, "%.24s%s", key + 21, magic);
  SHA1((uint8_t *)text, strlen(text), (uint8_t *)digest);
  EVP_EncodeBlock((uint8_t *)accept, (uint8_t *)digest, sizeof digest);
  int length = snprintf(
    response, sizeof response,
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
    accept);
  write_all(descriptor, response, (size_t)length);
  peers[descriptor].is_open = true;
  if (waiting[pair] && peers[waiting[pair]].is_open && !peers[waiting[pair]].partner) {
    peers[descriptor].partner = waiting[pair];
    peers[waiting[pair]].partner = descriptor;
    waiting[pair] = 0;
  } else {
    waiting[pair] = descriptor;
  }
  return true;
}

/// Turns the whole frames of a client into frames of a server, in place. Returns how many bytes were taken; `end` is where
/// the result ends. -1 when the client closes, or errs.
static long convert(uint8_t *bytes, size_t count, size_t *end) {
  size_t taken = 0, out = 0;
  while (count - taken >= 6) {
    uint8_t *frame = bytes + taken;
    size_t header = 2, length = frame[1] & 0x7F;
    if (length == 126) {
      if (count - taken < 8) break;
      length = (size_t)frame[2] << 8 | frame[3];
      header = 4;
    } else if (length == 127) {
      return -1;
    }
    if (!(frame[1] & 0x80) || (frame[0] & 0x0F) == 8) return -1;
    if (count - taken < header + 4 + length) break;
    uint8_t mask[8], *payload = frame + header + 4;
    memcpy(mask, frame + header, 4);
    memcpy(mask + 4, mask, 4);
    bytes[out] = frame[0];
    bytes[out + 1] = frame[1] & 0x7F;
    if (header == 4) memmove(bytes + out + 2, frame + 2, 2);
    out += header;
    uint64_t wide_mask;
    memcpy(&wide_mask, mask, 8);
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
      uint64_t piece;
      memcpy(&piece, payload + i, 8);
      piece ^= wide_mask;
      memcpy(bytes + out + i, &piece, 8);
    }
    for (; i < length; i++) bytes[out + i] = payload[i] ^ mask[i & 3];
    out += length;
    taken += header + 4 + length;
  }
  *end = out;
  return (long)taken;
}

static void receive(int descriptor) {
  static uint8_t input[2 * INPUT + 1];
  Peer *peer = &peers[descriptor];
  size_t before = peer->count;
  if (before) {
    memcpy(input, peer->partial, before);
    free(peer->partial);
    peer->partial = NULL;
    peer->count = 0;
  }
  long count = recv(descriptor, input + before, INPUT, 0);
  if (count <= 0) return hang_up(descriptor);
  size_t all = before + (size_t)count;
  long taken = 0;
  if (peer->is_open) {
    size_t end;
    taken = convert(input, all, &end);
    if (taken < 0 || all - (size_t)taken > INPUT) return hang_up(descriptor);
    if (end > 0 && peer->partner) write_all(peer->partner, input, end);
  } else {
    input[all] = 0;
    if (all > 4096) return hang_up(descriptor);
    if (strstr((char *)input, "\r\n\r\n")) {
      if (!shake_hands(descriptor, (char *)input)) return hang_up(descriptor);
      taken = (long)all;
    }
  }
  if ((size_t)taken < all) {
    peer->count = all - (size_t)taken;
    peer->partial = malloc(peer->count);
    memcpy(peer->partial, input + taken, peer->count);
  }
}

int main(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 4096) != 0) die("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("listening on http://127.0.0.1:%u\n", ntohs(address.sin_port));
  fflush(stdout);

  int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event events[EVENTS], interest = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &interest);
  for (;;) {
    int count = epoll_wait(epoll, events, EVENTS, -1);
    if (count < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < count; i++) {
      int descriptor = events[i].data.fd;
      if (descriptor != listener) {
        receive(descriptor);
        continue;
      }
      int accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (accepted < 0) continue;
      if (accepted >= CONNECTIONS) die("more connections than this was made for");
      setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      interest.data.fd = accepted;
      epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &interest);
    }
  }
}
