/* Counts the fsyncs of PostgreSQL and adds to each the delay that stands on a shared board: a disk as slow as we ask. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct board {
    volatile long delay_us;
    volatile long count;
};

static struct board *board;

__attribute__((constructor)) static void look_at_the_board(void)
{
    const char *path = getenv("FSYNC_BOARD");
    int fd = path ? open(path, O_RDWR) : -1;
    if (fd < 0)
        return;
    void *seen = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (seen != MAP_FAILED)
        board = seen;
    close(fd);
}

static int synced(const char *name, int fd)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    if (board) {
        __sync_fetch_and_add(&board->count, 1);
        if (board->delay_us)
            usleep(board->delay_us);
    }
    return real(fd);
}

int fsync(int fd)
{
    return synced("fsync", fd);
}

int fdatasync(int fd)
{
    return synced("fdatasync", fd);
}
