-- AlterTable
ALTER TABLE "staff_sessions" ADD COLUMN     "browser" TEXT NOT NULL DEFAULT 'other other',
ADD COLUMN     "id" UUID NOT NULL DEFAULT gen_random_uuid();

-- CreateIndex
CREATE UNIQUE INDEX "staff_sessions_id_key" ON "staff_sessions"("id");
