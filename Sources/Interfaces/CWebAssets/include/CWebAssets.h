/* The files of the page, compiled into the binary. */
#pragma once
#include <stddef.h>

struct web_asset {
    const char *path; /* below web/ */
    const unsigned char *bytes;
    size_t count;
};

size_t web_asset_count(void);
/* `index` is less than the count. */
struct web_asset web_asset_at(size_t index);
