import GPTOSSPlatform

/// Runs `body`, which writes to a pipe, so that a reader who has gone is an error and not the end of this
/// program.
func withoutBrokenPipeSignal<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  var (signals, before) = (sigset_t(), sigset_t())
  sigemptyset(&signals)
  sigaddset(&signals, SIGPIPE)
  pthread_sigmask(SIG_BLOCK, &signals, &before)
  defer {
    // The signal waits for this thread, if it came: it is taken before the thread hears of it.
    if sigismember(&before, SIGPIPE) == 0 {
      var pending = sigset_t()
      sigpending(&pending)
      var number: Int32 = 0
      if sigismember(&pending, SIGPIPE) == 1 { sigwait(&signals, &number) }
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
  }
  return try body()
}
