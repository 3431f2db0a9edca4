// mallinfo2, which the standard library's own Glibc module leaves out.
#include <malloc.h>
