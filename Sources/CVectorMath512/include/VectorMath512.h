#pragma once
#include "VectorMath.h"

extern const vm_functions vm_functions_512;
