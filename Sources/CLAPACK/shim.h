#pragma once
#include <lapacke.h>
// Debian's name for OpenBLAS's own header; elsewhere it is plain cblas.h.
#if __has_include(<cblas-openblas.h>)
#include <cblas-openblas.h>
#else
#include <cblas.h>
#endif
