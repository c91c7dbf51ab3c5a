#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

BenchClient *bench_client_make(void) {
  BenchClient *client = calloc(1, sizeof *client);
  client->epoll = epoll_create1(EPOLL_CLOEXEC);
  client->dice = bench_now() | 1;
  client->input = malloc(READ_SIZE);
  return client;
}

void bench_client_free(BenchClient *client) {
  for (int i = 0; i < client->count; i++) {
    Connection *connection = &client->connections[i];
    SSL_free(connection->tls);
    // Without lingering in TIME_WAIT: thousands of ports are needed again soon.
    struct linger linger = {1, 0};
    setsockopt(connection->descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(connection->descriptor);
    free(connection->partial.bytes);
    free(connection->message.bytes);
    free(connection->waiting.bytes);
    free(connection->prepared.bytes);
  }
  SSL_CTX_free(client->tls);
  close(client->epoll);
  free(client->connections);
  free(client->input);
  free(client);
}

static int dial(BenchClient *client, uint16_t port) {
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return fail(client, "no socket: %s", strerror(errno));
  int yes = 1;
  struct timeval patience = {30, 0};
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  uint32_t host = 1 + (uint32_t)client->count / 64;
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7F010000 + host)};
  struct sockaddr_in there = {
    .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(descriptor, (struct sockaddr *)&here, sizeof here) != 0 ||
      connect(descriptor, (struct sockaddr *)&there, sizeof there) != 0) {
    close(descriptor);
    return fail(client, "cannot connect to port %u: %s", port, strerror(errno));
  }
  return descriptor;
}

static SSL *secure(BenchClient *client, int descriptor) {
  if (!client->tls) {
    client->tls = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(client->tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(client->tls, 1);
    SSL_CTX_set_session_cache_mode(client->tls, SSL_SESS_CACHE_OFF);
  }
  SSL *tls = SSL_new(client->tls);
  SSL_set_fd(tls, descriptor);
  if (SSL_connect(tls) == 1) return tls;
  SSL_free(tls);
  fail(client, "no TLS");
  return NULL;
}

/// Reads byte by byte up to the end of the response's head: what follows belongs to the first frame.
static int shake_hands(BenchClient *client, Connection *connection, const char *path, const char *subprotocol) {
  char request[512], response[4096];
  int length = snprintf(
    request, sizeof request,
    "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
    path, subprotocol ? "Sec-WebSocket-Protocol: " : "", subprotocol ? subprotocol : "", subprotocol ? "\r\n" : "");
  long sent = connection->tls ? SSL_write(connection->tls, request, length)
                              : send(connection->descriptor, request, (size_t)length, MSG_NOSIGNAL);
  if (sent != length) return fail(client, "the handshake could not be sent");
  size_t count = 0;
  while (count < 4 || memcmp(response + count - 4, "\r\n\r\n", 4) != 0) {
    if (count + 1 == sizeof response) return fail(client, "a handshake without an end");
    long read = connection->tls ? SSL_read(connection->tls, response + count, 1)
                                : recv(connection->descriptor, response + count, 1, 0);
    if (read != 1) return fail(client, "the server ended the handshake after %zu bytes", count);
    count++;
  }
  response[count] = 0;
  if (strncmp(response, "HTTP/1.1 101", 12) != 0) return fail(client, "no WebSocket: %.64s", response);
  return 0;
}

int bench_client_connect(BenchClient *client, uint16_t port, const char *path, const char *subprotocol, bool tls) {
  if (bench_is_interrupted()) return BENCH_INTERRUPTED;
  Connection connection = {.descriptor = dial(client, port)};
  if (connection.descriptor < 0) return BENCH_FAILED;
  if (tls && !(connection.tls = secure(client, connection.descriptor))) {
    close(connection.descriptor);
    return BENCH_FAILED;
  }
  if (shake_hands(client, &connection, path, subprotocol) != 0) {
    SSL_free(connection.tls);
    close(connection.descriptor);
    return BENCH_FAILED;
  }
  fcntl(connection.descriptor, F_SETFL, O_NONBLOCK);
  if (client->count == client->capacity) {
    client->capacity = client->capacity ? 2 * client->capacity : 256;
    client->connections = realloc(client->connections, (size_t)client->capacity * sizeof(Connection));
  }
  int number = client->count++;
  client->connections[number] = connection;
  struct epoll_event interest = {.events = EPOLLIN, .data.u32 = (uint32_t)number};
  epoll_ctl(client->epoll, EPOLL_CTL_ADD, connection.descriptor, &interest);
  return number;
}

int bench_client_count(const BenchClient *client) { return client->count; }
