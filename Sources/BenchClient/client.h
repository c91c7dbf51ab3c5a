// What the files of BenchClient share.
#ifndef CLIENT_H
#define CLIENT_H

#include "bench_client.h"

#include <openssl/ssl.h>

enum { READ_SIZE = 256 * 1024, EVENTS = 512, ERROR_SIZE = 512 };

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} Bytes;

typedef struct {
  int descriptor;
  SSL *tls;
  /// Received, and not a whole frame yet.
  Bytes partial;
  /// Pieces of a message in several frames; of a NATS stream, what is not a whole line or message yet.
  Bytes message;
  bool is_within_message;
  /// Of the message that comes in pieces, in a relay: whether its beginning was the right one.
  bool counts;
  /// To be sent as soon as the socket takes it.
  Bytes waiting;
  /// What it sends in a relay.
  Bytes prepared;
} Connection;

struct BenchClient {
  int epoll;
  Connection *connections;
  int count, capacity;
  SSL_CTX *tls;
  uint64_t dice;
  uint8_t *input;
  char error[ERROR_SIZE];
};

/// One frame from the server. Returns 0, or BENCH_FAILED.
typedef int (*FrameHandler)(
  BenchClient *client, int connection, int opcode, bool is_final, const uint8_t *payload, size_t count, void *context);

int fail(BenchClient *client, const char *format, ...) __attribute__((format(printf, 2, 3)));
void append(Bytes *to, const void *bytes, size_t count);
/// A masked frame, appended.
void append_frame(BenchClient *client, Bytes *to, int opcode, const void *bytes, size_t count);
int send_bytes(BenchClient *client, int connection, const uint8_t *bytes, size_t count);
/// Waits for events once; every frame that arrived goes to the handler, but for pings.
int pump(BenchClient *client, int timeout_ms, FrameHandler handler, void *context);

#endif
