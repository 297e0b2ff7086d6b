#define _GNU_SOURCE
#include "CLinux.h"
#include <fcntl.h>
#include <linux/fs.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int linux_core_count(void) {
    cpu_set_t cores;
    if (!sched_getaffinity(0, sizeof cores, &cores)) return CPU_COUNT(&cores);
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

void linux_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

void linux_keep_heap_small(void) {
    mallopt(M_ARENA_MAX, linux_core_count());
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
}

void linux_trim_heap(void) { malloc_trim(0); }

const char *linux_signal_name(int signal) { return sigabbrev_np(signal); }

static void fill(struct linux_stat *out, const struct stat *s) {
    out->device = s->st_dev;
    out->inode = s->st_ino;
    out->size = (uint64_t)s->st_size;
    out->mtime_ns = (int64_t)s->st_mtim.tv_sec * 1000000000 + s->st_mtim.tv_nsec;
    out->ctime_ns = (int64_t)s->st_ctim.tv_sec * 1000000000 + s->st_ctim.tv_nsec;
    out->mode = s->st_mode;
    out->links = (uint32_t)s->st_nlink;
}

int linux_stat_at(int directory, const char *path, int follow, struct linux_stat *out) {
    struct stat s;
    if (fstatat(directory, path, &s, follow ? 0 : AT_SYMLINK_NOFOLLOW)) return -1;
    fill(out, &s);
    return 0;
}

int linux_stat_fd(int fd, struct linux_stat *out) {
    struct stat s;
    if (fstat(fd, &s)) return -1;
    fill(out, &s);
    return 0;
}

ssize_t linux_copy_file_range(int from, int to, size_t count) { return copy_file_range(from, 0, to, 0, count, 0); }

int linux_reflink(int from, int to) { return ioctl(to, FICLONE, from); }

int linux_rename_new_at(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE);
}

int linux_reach_at(int directory, const char *path) {
    return openat(directory, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int linux_begin_writing_back(int fd) { return sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE); }

int linux_set_direct(int fd, int on) {
    int flags = fcntl(fd, F_GETFL);
    return flags == -1 ? -1 : fcntl(fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT);
}

int linux_is_in_memory(int fd, uint64_t offset, size_t count) {
    unsigned char pages[256];
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    if (count > sizeof pages * size) count = sizeof pages * size;
    void *map = mmap(0, count, PROT_READ, MAP_SHARED, fd, (off_t)offset);
    if (map == MAP_FAILED) return -1;
    int result = mincore(map, count, pages);
    munmap(map, count);
    if (result) return -1;
    for (size_t i = 0; i < (count + size - 1) / size; i++)
        if (!(pages[i] & 1)) return 0;
    return 1;
}

int linux_syncfs(int fd) { return syncfs(fd); }
