-- AlterTable
ALTER TABLE "blind_index" ADD COLUMN     "version" SMALLINT NOT NULL DEFAULT 1;
