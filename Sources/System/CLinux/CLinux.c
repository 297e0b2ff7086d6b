#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int linux_core_count(void) {
    cpu_set_t cores;
    if (!sched_getaffinity(0, sizeof cores, &cores)) return CPU_COUNT(&cores);
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

void linux_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

int linux_spawn(pid_t *pid, const char *path, char *const argv[], char *const envp[], const char *cwd,
                const int fds[3]) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int rc = posix_spawn_file_actions_init(&actions);
    if (rc) return rc;
    rc = posix_spawnattr_init(&attributes);
    if (rc) {
        posix_spawn_file_actions_destroy(&actions);
        return rc;
    }
    for (int i = 0; i < 3 && !rc; i++) rc = posix_spawn_file_actions_adddup2(&actions, fds[i], i);
    if (!rc) rc = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (!rc && cwd) rc = posix_spawn_file_actions_addchdir_np(&actions, cwd);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    if (!rc) rc = posix_spawnp(pid, path, &actions, &attributes, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return rc;
}

int linux_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int linux_pipe(int fds[2]) { return pipe2(fds, O_CLOEXEC); }

int linux_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

int linux_wait(pid_t pid, int *code, int *signal, double *user_seconds, double *system_seconds, long *max_rss_kib) {
    int status;
    struct rusage usage;
    pid_t waited;
    while ((waited = wait4(pid, &status, 0, &usage)) < 0 && errno == EINTR) {
    }
    if (waited < 0) return -1;
    *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + *signal;
    *user_seconds = seconds(usage.ru_utime);
    *system_seconds = seconds(usage.ru_stime);
    *max_rss_kib = usage.ru_maxrss;
    return waited;
}

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

int linux_rename_new(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int linux_syncfs(int fd) { return syncfs(fd); }
