/* xxHash, and its two hot functions by the widest registers of this machine: Debian's static library is built for SSE2
   alone. On other processors, and in builds without optimisation, they are the library's own. */
#pragma once
#include <stddef.h>
#include <xxhash.h>

/* XXH3_128bits */
XXH128_hash_t wide_xxh3_128(const void *data, size_t count);
/* XXH3_128bits_update */
void wide_xxh3_128_update(XXH3_state_t *state, const void *data, size_t count);
