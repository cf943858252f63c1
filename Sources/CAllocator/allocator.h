// What glibc's allocator has beside C's functions, which Swift's own module of the C library leaves out.
#if defined(__linux__)
#include <malloc.h>
#endif
