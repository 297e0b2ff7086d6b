/* GNU and Linux symbols that Swift's Glibc module does not show, and macros that Swift cannot import.
   Each function answers like the call it stands for: -1 (or the error number, where said) and errno. */
#pragma once
#include "Ending.h"
#include "Guard.h"
#include <stdint.h>
#include <sys/types.h>

/* Threads */

/* How many cores this thread may run on (its affinity mask), or those online if that cannot be told. */
int linux_core_count(void);
/* Names the calling thread; what is over 15 bytes is cut. */
void linux_name_thread(const char *name);

/* A heap for each core, not for each thread, and large pieces of memory straight from the system and back to it. By
   itself the C library keeps a heap for each thread, and for ever what was needed once. Before the first other thread. */
void linux_keep_heap_small(void);
/* Gives back to the system what the heap does not need now. */
void linux_trim_heap(void);

/* Processes: see Guard.h */

/* `KILL` for 9; null for no signal. */
const char *linux_signal_name(int signal);

/* Files */

struct linux_stat {
    uint64_t device, inode;
    uint64_t size;
    int64_t mtime_ns, ctime_ns;
    uint32_t mode, links;
};
/* fstatat; `follow` 0 looks at a symbolic link itself. */
int linux_stat_at(int directory, const char *path, int follow, struct linux_stat *out);
int linux_stat_fd(int fd, struct linux_stat *out);
ssize_t linux_copy_file_range(int from, int to, size_t count);
/* FICLONE: the whole of `from` becomes `to` by sharing blocks. */
int linux_reflink(int from, int to);
/* renameat2 with RENAME_NOREPLACE. */
int linux_rename_new_at(int from_directory, const char *from, int to_directory, const char *to);
/* openat with O_PATH: a folder from which others are reached, whether or not it may be listed. */
int linux_reach_at(int directory, const char *path);
/* sync_file_range with SYNC_FILE_RANGE_WRITE, of the whole file: begins to write back, and does not wait. */
int linux_begin_writing_back(int fd);
/* Sets or clears O_DIRECT of an open file. */
int linux_set_direct(int fd, int on);
/* Whether the kernel has this part of the file in memory, of which at most the first 256 pages are looked at: 1, 0, or -1 if
   that cannot be known. `offset` is a multiple of the page size. */
int linux_is_in_memory(int fd, uint64_t offset, size_t count);
/* Flushes the file system that holds the open file. */
int linux_syncfs(int fd);
