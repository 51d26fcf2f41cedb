// The heap: its limits, and allocations counted while asked to, by wrappers of the C library's names.
#pragma once
#include <stdint.h>

typedef struct {
  uint64_t own;      // by this program and the Swift runtime
  uint64_t library;  // under a frame of the library of tensor kernels or of its thread pool
} ca_count;

/// Starts counting in all threads. Not for two callers at once.
void ca_start(void);
/// Stops, and returns what was counted since.
ca_count ca_stop(void);
/// Whether this program's wrappers are the ones that the process uses.
int ca_is_active(void);

/// Gives large blocks back to the system as soon as they are freed, and keeps to two heaps.
///
/// By default the C library raises the size above which it does so to that of the largest block freed so far: once the
/// first weights are drawn, holes of tens of megabytes stay. A heap for each thread would keep holes too.
void ca_limit_heap(void);
