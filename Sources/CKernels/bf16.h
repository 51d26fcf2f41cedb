// The upper half of a float: the same range, eight bits of precision.
#pragma once
#include <stdint.h>
#include <string.h>

static inline float bf16_widened(uint16_t half) {
  const uint32_t bits = (uint32_t)half << 16;
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

/// Of a value that bf16 can hold.
static inline uint16_t bf16_narrowed(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return (uint16_t)(bits >> 16);
}

/// To nearest, ties to even; NaN stays NaN.
static inline uint16_t bf16_rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  const uint32_t up = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return (uint16_t)(x != x ? (bits >> 16) | 0x40 : up);
}
