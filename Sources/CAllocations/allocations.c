#define _GNU_SOURCE
#include "CAllocations.h"
#include <errno.h>
#include <execinfo.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static atomic_int counting;
static atomic_ullong own, library;
static _Thread_local int inside;

// Where the libraries lie whose allocations are not ours.
enum { MAX_RANGES = 16 };
static struct {
  uintptr_t from, to;
} ranges[MAX_RANGES];
static int range_count;

#if defined(__GLIBC__)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static int is_library(uintptr_t address) {
  for (int i = 0; i < range_count; i++)
    if (address >= ranges[i].from && address < ranges[i].to) return 1;
  return 0;
}

static void count(void) {
  if (!atomic_load_explicit(&counting, memory_order_relaxed) || inside) return;
  inside = 1;
  void *frames[32];
  const int depth = backtrace(frames, 32);
  int foreign = 0;
  for (int i = 0; i < depth && !foreign; i++) foreign = is_library((uintptr_t)frames[i]);
  atomic_fetch_add(foreign ? &library : &own, 1);
  inside = 0;
}

void *malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
  count();
  return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1))) return EINVAL;
  count();
  void *memory = __libc_memalign(alignment, size);
  if (!memory) return ENOMEM;
  *result = memory;
  return 0;
}

static int note(struct dl_phdr_info *info, size_t size, void *context) {
  const char *name = info->dlpi_name;
  if (!strstr(name, "libdnnl") && !strstr(name, "libgomp")) return 0;
  for (int i = 0; i < info->dlpi_phnum && range_count < MAX_RANGES; i++) {
    if (info->dlpi_phdr[i].p_type != PT_LOAD) continue;
    ranges[range_count].from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
    ranges[range_count].to = ranges[range_count].from + info->dlpi_phdr[i].p_memsz;
    range_count++;
  }
  return 0;
}

static void prepare(void) {
  range_count = 0;
  dl_iterate_phdr(note, NULL);
  // The first walk of a stack loads a library, which allocates.
  void *frames[2];
  backtrace(frames, 2);
}

#else
static void prepare(void) {}
#endif

void ca_start(void) {
  prepare();
  atomic_store(&own, 0);
  atomic_store(&library, 0);
  atomic_store(&counting, 1);
}

ca_count ca_stop(void) {
  atomic_store(&counting, 0);
  return (ca_count){atomic_load(&own), atomic_load(&library)};
}

int ca_is_active(void) {
  ca_start();
  void *volatile block = malloc(16);
  const ca_count found = ca_stop();
  free(block);
  return found.own + found.library > 0;
}

void ca_limit_heap(void) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 512 << 10);
  mallopt(M_TRIM_THRESHOLD, 512 << 10);
  mallopt(M_ARENA_MAX, 2);
#endif
}
