import { answerWork } from '#platform/child-worker.ts'

// Work that blocks the event loop, like a decoder that a hostile file keeps in a loop.
answerWork(async () => {
  for (;;);
})
