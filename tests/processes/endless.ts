import { answerWork } from '#platform/child-worker.ts'

// Work that never lets an event through, as a decoder that a hostile file holds in a loop.
answerWork(async () => {
  for (;;);
})
