#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

int signals_open(const int *numbers, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) sigaddset(&set, numbers[i]);
  int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (error != 0) {
    errno = error;
    return -1;
  }
  return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int signals_read(int descriptor, int *numbers, int capacity) {
  int count = 0;
  while (count < capacity) {
    struct signalfd_siginfo info;
    ssize_t size = read(descriptor, &info, sizeof info);
    if (size < 0 && errno == EINTR) continue;
    if (size != (ssize_t)sizeof info) break;
    numbers[count++] = (int)info.ssi_signo;
  }
  return count;
}

void signals_stop_process(void) {
  struct sigaction action = {.sa_handler = SIG_DFL}, previous;
  sigset_t set, mask;
  sigemptyset(&set);
  sigaddset(&set, SIGTSTP);
  sigaction(SIGTSTP, &action, &previous);
  // Sent while blocked, so that it takes effect at one known place: where it is unblocked.
  pthread_sigmask(SIG_BLOCK, &set, &mask);
  raise(SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  sigaction(SIGTSTP, &previous, NULL);
}

int signals_open_wakeup(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void signals_wake(int descriptor) {
  uint64_t one = 1;
  while (write(descriptor, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void signals_drain(int descriptor) {
  uint64_t count;
  while (read(descriptor, &count, sizeof count) < 0 && errno == EINTR) {
  }
}

static const int replaced[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
static struct sigaction saved[sizeof replaced / sizeof *replaced];

void signals_save_dispositions(void) {
  for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) sigaction(replaced[i], NULL, &saved[i]);
}

void signals_restore_dispositions(void) {
  for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) sigaction(replaced[i], &saved[i], NULL);
}
