#define _GNU_SOURCE
#include "client.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const BenchRelayPlan *plan;
  uint64_t arrived, looked_at;
  int under_way;
  /// The connection whose turn it is to send.
  int next;
} Relay;

int bench_client_prepare(BenchClient *client, int number, int opcode, const void *bytes, size_t count) {
  Connection *connection = &client->connections[number];
  free(connection->prepared.bytes);
  connection->prepared = (Bytes){0};
  append_frame(client, &connection->prepared, opcode, bytes, count);
  return 0;
}

static bool contains(const uint8_t *bytes, size_t count, const void *wanted, size_t wanted_count) {
  return memmem(bytes, count, wanted, wanted_count) != NULL;
}

static int arrive(BenchClient *client, Relay *relay, const uint8_t *bytes, size_t count, bool is_whole) {
  if (is_whole && relay->looked_at++ % 16 == 0 &&
      !contains(bytes, count, relay->plan->payload, relay->plan->payload_count)) {
    return fail(client, "a message has arrived changed: %.*s", count < 200 ? (int)count : 200, (const char *)bytes);
  }
  relay->arrived++;
  relay->under_way--;
  return 0;
}

/// Whether a message is one that was relayed, by its first bytes.
static bool is_relayed(BenchDialect dialect, const uint8_t *bytes, size_t count) {
  size_t start = count < 64 ? count : 64;
  switch (dialect) {
  case BENCH_MQM: return contains(bytes, start, "\"type\":\"signal\"", 15);
  case BENCH_SPREED: return contains(bytes, start, "\"type\":\"message\"", 16);
  default: return true;
  }
}

/// A piece of a NATS stream (docs.nats.io, "Client Protocol"). Returns how much of it was whole, or BENCH_FAILED.
static long take_nats(BenchClient *client, int number, Relay *relay, const uint8_t *bytes, size_t count) {
  size_t taken = 0;
  while (taken < count) {
    const uint8_t *line = bytes + taken, *end = memmem(line, count - taken, "\r\n", 2);
    if (!end) break;
    size_t length = (size_t)(end - line) + 2;
    if (memcmp(line, "MSG ", 4) == 0) {
      const uint8_t *size = memrchr(line, ' ', length - 2);
      size_t payload = strtoul((const char *)size + 1, NULL, 10);
      if (count - taken - length < payload + 2) break;
      if (arrive(client, relay, line + length, payload, true) != 0) return BENCH_FAILED;
      length += payload + 2;
    } else if (memcmp(line, "PING", 4) == 0) {
      if (bench_client_send(client, number, 2, "PONG\r\n", 6) != 0) return BENCH_FAILED;
    } else if (line[0] == '-') {
      return fail(client, "nats-server says %.*s", (int)length - 2, line);
    }
    taken += length;
  }
  return (long)taken;
}

static int take_relayed(
  BenchClient *client, int number, int opcode, bool is_final, const uint8_t *payload, size_t count, void *context) {
  Relay *relay = context;
  Connection *connection = &client->connections[number];
  if (relay->plan->dialect != BENCH_NATS) {
    if (opcode != 0) connection->counts = is_relayed(relay->plan->dialect, payload, count);
    if (!is_final) return 0;
    if (connection->counts) return arrive(client, relay, payload, count, opcode != 0);
    if (contains(payload, count, "rror", 4)) {
      return fail(client, "the server says %.*s", count < 300 ? (int)count : 300, (const char *)payload);
    }
    return 0;
  }
  if (connection->message.count == 0) {
    long taken = take_nats(client, number, relay, payload, count);
    if (taken < 0) return BENCH_FAILED;
    append(&connection->message, payload + taken, count - (size_t)taken);
    return 0;
  }
  append(&connection->message, payload, count);
  long taken = take_nats(client, number, relay, connection->message.bytes, connection->message.count);
  if (taken < 0) return BENCH_FAILED;
  connection->message.count -= (size_t)taken;
  memmove(connection->message.bytes, connection->message.bytes + taken, connection->message.count);
  return 0;
}

static int send_next(BenchClient *client, Relay *relay) {
  int burst = relay->plan->burst;
  Bytes several = {0};
  while (relay->under_way + burst <= relay->plan->under_way) {
    int number = relay->next;
    relay->next = number + 1 == client->count ? 0 : number + 1;
    const Bytes *prepared = &client->connections[number].prepared;
    int result;
    if (burst == 1) {
      result = send_bytes(client, number, prepared->bytes, prepared->count);
    } else {
      several.count = 0;
      for (int i = 0; i < burst; i++) append(&several, prepared->bytes, prepared->count);
      result = send_bytes(client, number, several.bytes, several.count);
    }
    if (result != 0) {
      free(several.bytes);
      return BENCH_FAILED;
    }
    relay->under_way += burst;
  }
  free(several.bytes);
  return 0;
}

/// Relays until a time. It fails when nothing arrives for 20 seconds.
static int relay_until(BenchClient *client, Relay *relay, uint64_t end, bool is_ending) {
  uint64_t last = relay->arrived, last_time = bench_now();
  for (;;) {
    if (!is_ending && send_next(client, relay) != 0) return BENCH_FAILED;
    uint64_t now = bench_now();
    if (is_ending ? relay->under_way == 0 : now >= end) return 0;
    int result = pump(client, 100, take_relayed, relay);
    if (result != 0) return result;
    if (relay->arrived != last) {
      last = relay->arrived;
      last_time = now;
    } else if (now - last_time > 20000000000) {
      return fail(client, "%d messages have not arrived", relay->under_way);
    }
  }
}

int bench_client_relay(BenchClient *client, const BenchRelayPlan *plan, BenchRelayResult *result) {
  Relay relay = {.plan = plan};
  for (int i = 0; i < client->count; i++) client->connections[i].message.count = 0;
  int status = relay_until(client, &relay, bench_now() + (uint64_t)(plan->warm_up * 1e9), false);
  if (status != 0) return status;
  uint64_t start = bench_now(), arrived = relay.arrived;
  double server = bench_processor_time(plan->server), own = bench_processor_time(getpid());
  status = relay_until(client, &relay, start + (uint64_t)(plan->seconds * 1e9), false);
  if (status != 0) return status;
  result->seconds = (double)(bench_now() - start) / 1e9;
  result->messages = relay.arrived - arrived;
  result->server_cpu = bench_processor_time(plan->server) - server;
  result->client_cpu = bench_processor_time(getpid()) - own;
  status = relay_until(client, &relay, 0, true);
  result->all_messages = relay.arrived;
  return status;
}
