-- AlterTable
ALTER TABLE "drills" ADD COLUMN     "stopped_by_id" UUID;
