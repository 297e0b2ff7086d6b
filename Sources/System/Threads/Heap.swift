import CLinux

/// The memory of a program with many threads that runs for weeks.
package enum Heap {
    /// What is freed goes back to the system soon. To be called before there is another thread; costs those that work
    /// with buffers of megabytes some speed.
    package static func keepSmall() { linux_keep_heap_small() }

    /// Gives back what is not needed now; for a quiet moment.
    package static func giveBack() { linux_trim_heap() }
}
