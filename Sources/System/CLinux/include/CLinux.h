/* GNU and Linux symbols that Swift's Glibc module does not show, and macros that Swift cannot import.
   Each function answers like the call it stands for: -1 (or the error number, where said) and errno. */
#pragma once
#include <stdint.h>
#include <sys/types.h>

/* Threads */

/* How many cores this thread may run on (its affinity mask), or those online if that cannot be told. */
int linux_core_count(void);
/* Names the calling thread; what is over 15 bytes is cut. */
void linux_name_thread(const char *name);

/* Processes */

/* posix_spawnp in `cwd` (or the caller's, if null), with fds[0..2] as stdin, stdout, stderr, every other descriptor
   closed, default signals, nothing blocked, in a new process group. Returns 0 or an error number. */
int linux_spawn(pid_t *pid, const char *path, char *const argv[], char *const envp[], const char *cwd,
                const int fds[3]);
int linux_pidfd_open(pid_t pid);
int linux_pipe(int fds[2]);
/* From now on, orphaned descendants are re-parented to this process, not to init. */
int linux_become_subreaper(void);
/* wait4. *code is the exit code, or 128 + the signal; *signal is the signal or 0. */
int linux_wait(pid_t pid, int *code, int *signal, double *user_seconds, double *system_seconds, long *max_rss_kib);

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
int linux_rename_new(const char *from, const char *to);
/* Flushes the file system that holds the open file. */
int linux_syncfs(int fd);
