#pragma once

#include <stddef.h>

// Signals as a file descriptor, and the restoration of the terminal when the program crashes: what has to be C because
// it runs inside a signal handler or is made of macros.

/// Blocks the signals in the calling thread and in those it starts later, and opens a descriptor (non-blocking) that is
/// readable while one of them is pending. Returns the descriptor, or -1 with errno.
int signals_open(const int *numbers, int count);

/// Takes pending signals without waiting; returns how many numbers were written.
int signals_read(int descriptor, int *numbers, int capacity);

/// Stops the process as Ctrl-Z does and returns when it is continued.
void signals_stop_process(void);

/// A counter (non-blocking) whose descriptor is readable after `signals_wake`. Returns it, or -1 with errno.
int signals_open_wakeup(void);
void signals_wake(int descriptor);
void signals_drain(int descriptor);

/// The dispositions that ncurses replaces when it opens a screen.
void signals_save_dispositions(void);
void signals_restore_dispositions(void);

/// From now on, a crash (SIGILL, SIGABRT, SIGBUS, SIGSEGV, SIGFPE, SIGTRAP, SIGQUIT) or an `exit` writes `bytes` to the
/// terminal and gives it back the modes that it has now, before the handlers that were there run. Returns 0, or -1 with
/// errno.
int crash_restoration_save_modes(int terminal);
int crash_restoration_arm(const char *bytes, size_t count);

/// The terminal is itself again: nothing is to be restored.
void crash_restoration_disarm(void);
