// WebSocket connections (RFC 6455) by the thousand on one epoll instance, for measuring servers: lean enough that the
// server is the bottleneck. One thread; loopback only, so a certificate is not checked.
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct BenchClient BenchClient;

/// For the functions that return an int: it failed, and bench_client_error() says why.
#define BENCH_FAILED (-1)
/// SIGINT or SIGTERM came.
#define BENCH_INTERRUPTED (-2)

/// What messages look like on the wire, as far as counting them needs to know.
typedef enum {
  /// Every text message counts.
  BENCH_BARE,
  /// mqm.v1: messages of the type `signal` count.
  BENCH_MQM,
  /// nextcloud-spreed-signaling: messages of the type `message` count.
  BENCH_SPREED,
  /// The NATS protocol in WebSocket frames, cut anywhere: each MSG counts.
  BENCH_NATS,
} BenchDialect;

typedef struct {
  BenchDialect dialect;
  /// Messages that are on their way at any time, among all connections.
  int under_way;
  /// Messages in each write of the client's.
  int burst;
  /// Seconds before counting begins, and seconds of counting.
  double warm_up, seconds;
  /// The server's process, for its processor time.
  pid_t server;
  /// What each message must contain, byte for byte; one of 16 is looked at.
  const uint8_t *payload;
  size_t payload_count;
} BenchRelayPlan;

typedef struct {
  /// Arrived while it was counted, which took so many seconds.
  uint64_t messages;
  double seconds;
  /// Arrived altogether, warm-up included; none is under way any more.
  uint64_t all_messages;
  /// Seconds of processor time meanwhile.
  double server_cpu, client_cpu;
} BenchRelayResult;

BenchClient *bench_client_make(void);
void bench_client_free(BenchClient *client);
/// Of the last failure; good until the next one.
const char *bench_client_error(const BenchClient *client);

/// From now on SIGINT and SIGTERM make the functions here return BENCH_INTERRUPTED.
void bench_catch_signals(void);
bool bench_is_interrupted(void);

/// Connects to 127.0.0.1 from an address of its own for each 64 connections, shakes hands, and waits for that.
/// Returns the connection's number: 0, 1, 2 and so on.
int bench_client_connect(BenchClient *client, uint16_t port, const char *path, const char *subprotocol, bool tls);
int bench_client_count(const BenchClient *client);

/// Sends a message: opcode 1 for text, 2 for binary.
int bench_client_send(BenchClient *client, int connection, int opcode, const void *bytes, size_t count);

typedef void (*BenchMessageHandler)(void *context, int connection, const uint8_t *bytes, size_t count);
/// Waits for something to arrive, hands over the whole messages, and answers pings. Returns how many messages there were;
/// 0 after the timeout, and after other events than messages. It fails when a server closes a connection.
int bench_client_poll(BenchClient *client, int timeout_ms, BenchMessageHandler handler, void *context);

/// The message that the connection sends in `bench_client_relay`. Encoded and masked here, once.
int bench_client_prepare(BenchClient *client, int connection, int opcode, const void *bytes, size_t count);
/// Relays: as many messages as the plan says are kept under way, each sent by the next connection in turn.
int bench_client_relay(BenchClient *client, const BenchRelayPlan *plan, BenchRelayResult *result);

/// Monotonic, in nanoseconds.
uint64_t bench_now(void);
/// Processor time that a process has taken so far, in seconds; negative if there is no such process.
double bench_processor_time(pid_t process);
/// The cores that this process may run on. Returns how many there are.
int bench_cores(int *cores, int capacity);
/// Keeps the calling thread on one core.
bool bench_pin(int core);
/// As many descriptors as the system allows; how many that is.
int bench_raise_descriptor_limit(void);

#endif
