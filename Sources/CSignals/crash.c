#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int crashes[] = {SIGILL, SIGABRT, SIGBUS, SIGSEGV, SIGFPE, SIGTRAP, SIGQUIT};
enum { crash_count = sizeof crashes / sizeof *crashes };

static struct sigaction previous[crash_count];
static atomic_bool armed;
static int terminal = -1;
static struct termios modes;
static char restoration[1024];
static size_t restoration_size;
static char alternate_stack[128 * 1024];

/// Only what is safe inside a signal handler: write and tcsetattr.
static void restore(void) {
  if (!atomic_exchange(&armed, 0)) return;
  size_t done = 0;
  while (done < restoration_size) {
    ssize_t size = write(terminal, restoration + done, restoration_size - done);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    done += (size_t)size;
  }
  tcsetattr(terminal, TCSANOW, &modes);
}

static void crashed(int number, siginfo_t *info, void *context) {
  (void)context;
  int error = errno;
  restore();
  // The handler that was there explains a crash of our own; after a signal of another process it would let the program
  // go on, on a terminal that it has given back.
  bool is_own = info->si_code > 0 || info->si_pid == getpid();
  for (int i = 0; i < crash_count; i++) {
    if (crashes[i] != number) continue;
    struct sigaction ending = {.sa_handler = SIG_DFL};
    sigaction(number, is_own ? &previous[i] : &ending, NULL);
  }
  // A fault happens again on return, and that handler sees it as if it were the first. A signal that was sent is sent
  // again; it is blocked until this handler returns.
  if (info->si_code <= 0 || number == SIGQUIT) raise(number);
  errno = error;
}

int crash_restoration_save_modes(int descriptor) {
  terminal = descriptor;
  return tcgetattr(descriptor, &modes);
}

int crash_restoration_arm(const char *bytes, size_t count) {
  static int registered = 0;
  if (count > sizeof restoration) {
    errno = E2BIG;
    return -1;
  }
  memcpy(restoration, bytes, count);
  restoration_size = count;
  if (!registered) {
    registered = 1;
    atexit(restore);
  }
  // A stack overflow leaves no room for a handler on the stack that overflowed.
  stack_t stack;
  if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
    stack = (stack_t){.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
    sigaltstack(&stack, NULL);
  }
  if (atomic_exchange(&armed, 1)) return 0;
  struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < crash_count; i++) {
    if (sigaction(crashes[i], &action, &previous[i]) != 0) return -1;
  }
  return 0;
}

void crash_restoration_disarm(void) {
  if (!atomic_exchange(&armed, 0)) return;
  for (int i = 0; i < crash_count; i++) {
    struct sigaction current;
    // Handlers that someone installed after ours stay.
    if (sigaction(crashes[i], NULL, &current) == 0 && current.sa_sigaction == crashed) {
      sigaction(crashes[i], &previous[i], NULL);
    }
  }
}
