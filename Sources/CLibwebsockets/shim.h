#ifndef MQM_CLIBWEBSOCKETS_SHIM_H
#define MQM_CLIBWEBSOCKETS_SHIM_H

#include <libwebsockets.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#endif
