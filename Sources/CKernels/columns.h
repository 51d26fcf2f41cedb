// A convolution as a matrix product: each row of the columns' matrix is the window that one output pixel sees.
#pragma once
#include "CKernels.h"

typedef struct {
  ptrdiff_t batch, channels, height, width, out_height, out_width, kernel_height, kernel_width;
  ptrdiff_t stride[2], padding[2];
} windows;

/// columns[batch * out_height * out_width][kernel_height * kernel_width * channels] of images [batch, height, width,
/// channels]; elements of `size` bytes, zero outside of the image.
void gather_windows(const windows *w, const void *images, void *columns, size_t size, int threads);
/// The transpose of that: each pixel is the sum, in a fixed order, of what the windows that see it hold. Images are bf16
/// where asked; `sums` then is room for one image of floats a thread.
void sum_windows(const windows *w, const float *columns, void *images, int is_bf16, float *sums, int threads);
