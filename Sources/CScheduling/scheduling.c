#define _GNU_SOURCE
#include "CScheduling.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// What sched_setattr takes.
struct scheduling {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
};

void scheduling_take_turns(unsigned microseconds) {
  if (sched_getscheduler(0) != SCHED_OTHER) return;
  struct scheduling wish = {
      .size = sizeof wish,
      .policy = SCHED_OTHER,
      .nice = getpriority(PRIO_PROCESS, 0),
      .runtime = microseconds * 1000ull,
  };
  // Who may not, or has an older kernel, goes on as before.
  int before = errno;
  syscall(SYS_sched_setattr, 0, &wish, 0);
  errno = before;
}

void scheduling_be_nice(int more) {
  int before = errno;
  int niceness = getpriority(PRIO_PROCESS, getpid()) + more;
  setpriority(PRIO_PROCESS, 0, niceness > 19 ? 19 : niceness);
  errno = before;
}
