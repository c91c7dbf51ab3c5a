#ifndef MQM_CLIBWEBSOCKETS_SHIM_H
#define MQM_CLIBWEBSOCKETS_SHIM_H

#include <libwebsockets.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>

/* The room that must stand before what lws_write is given; a macro that Swift cannot evaluate. */
static const int mqm_lws_pre = LWS_PRE;

/* glibc declares these with _GNU_SOURCE only, which Swift's Glibc module does not set. */
extern int accept4(int descriptor, struct sockaddr *address, socklen_t *size, int flags);
extern int pthread_setname_np(pthread_t thread, const char *name);

#endif
