#include "client.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

typedef struct {
  BenchMessageHandler handler;
  void *context;
  int count;
} Delivery;

static int deliver(
  BenchClient *client, int number, int opcode, bool is_final, const uint8_t *payload, size_t count, void *context) {
  Delivery *delivery = context;
  Connection *connection = &client->connections[number];
  (void)opcode;
  if (is_final && connection->message.count == 0) {
    delivery->handler(delivery->context, number, payload, count);
    delivery->count++;
    return 0;
  }
  append(&connection->message, payload, count);
  if (!is_final) return 0;
  delivery->handler(delivery->context, number, connection->message.bytes, connection->message.count);
  delivery->count++;
  free(connection->message.bytes);
  connection->message = (Bytes){0};
  return 0;
}

int bench_client_poll(BenchClient *client, int timeout_ms, BenchMessageHandler handler, void *context) {
  Delivery delivery = {handler, context, 0};
  int result = pump(client, timeout_ms, deliver, &delivery);
  return result == 0 ? delivery.count : result;
}

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
  (void)number;
  interrupted = 1;
}

void bench_catch_signals(void) {
  struct sigaction action = {.sa_handler = interrupt};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

bool bench_is_interrupted(void) { return interrupted; }

uint64_t bench_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

double bench_processor_time(pid_t process) {
  clockid_t clock;
  struct timespec taken;
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &taken) != 0) return -1;
  return (double)taken.tv_sec + (double)taken.tv_nsec / 1e9;
}
