#define _GNU_SOURCE
#include "bench_client.h"

#include <sched.h>
#include <sys/resource.h>

int bench_cores(int *cores, int capacity) {
  cpu_set_t set;
  int count = 0;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  for (int core = 0; core < CPU_SETSIZE && count < capacity; core++) {
    if (CPU_ISSET(core, &set)) cores[count++] = core;
  }
  return count;
}

bool bench_pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

int bench_raise_descriptor_limit(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur > 1 << 30 ? 1 << 30 : (int)limit.rlim_cur;
}
