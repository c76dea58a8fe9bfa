-- CreateEnum
CREATE TYPE "import_state" AS ENUM ('read', 'queued', 'done');

-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "source_hash" BYTEA,
ALTER COLUMN "contact_kind" DROP NOT NULL;

-- CreateTable
CREATE TABLE "case_imports" (
    "id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "added_by_id" UUID NOT NULL,
    "state" "import_state" NOT NULL DEFAULT 'read',
    "file_hash" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,
    "good" INTEGER NOT NULL,
    "faulty" INTEGER NOT NULL,
    "gone" INTEGER NOT NULL DEFAULT 0,
    "imported" INTEGER NOT NULL DEFAULT 0,
    "passed" JSONB NOT NULL DEFAULT '[]',
    "read_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "case_imports_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "case_imports_area_id_read_at_id_idx" ON "case_imports"("area_id", "read_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "case_imports_read_at_id_idx" ON "case_imports"("read_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "case_imports_expires_at_idx" ON "case_imports"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "one_import_a_file" ON "case_imports"("area_id", "file_hash") WHERE (confirmed_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "cases_source_hash_key" ON "cases"("source_hash");

-- AddForeignKey
ALTER TABLE "case_imports" ADD CONSTRAINT "case_imports_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
