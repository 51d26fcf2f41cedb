// Counts heap allocations while asked to: the C library's allocator, seen through wrappers of the same names.
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
