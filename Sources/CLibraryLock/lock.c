#define _GNU_SOURCE
#include "CLibraryLock.h"
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void cl_lock(void) { pthread_mutex_lock(&mutex); }
void cl_unlock(void) { pthread_mutex_unlock(&mutex); }
