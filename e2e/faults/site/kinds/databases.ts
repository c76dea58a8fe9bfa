import { between, type Faults } from '../scene.ts'

export const DATABASE_FAULTS: Faults = {
  'kill -9 of the database': {
    happen: ({ stage, draw }) => stage.databases.crash(draw.below(4_000)),
  },
  'every database connection cut': {
    happen: async ({ stage }) => {
      await stage.databases.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'antam_app'",
      )
    },
  },
  'the primary killed, the replica promoted': {
    happen: ({ stage, draw }) => stage.databases.failOver(between(draw, 1_000, 4_000)),
  },
  'no room on the disk of the database': {
    impossible: ({ databases }) => (databases.fillDisk ? null : 'only root mounts small disks'),
    happen: async ({ stage, draw }) => {
      await stage.databases.fillDisk?.(between(draw, 4_000, 9_000))
    },
  },
}
