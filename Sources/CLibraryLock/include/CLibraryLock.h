// One lock for the libraries of linear algebra, whose serial builds share buffers between all callers of a process.
#pragma once

/// Waits until no other thread is in the library; the same thread may lock again.
void cl_lock(void);
void cl_unlock(void);
