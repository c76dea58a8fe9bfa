-- CreateIndex
CREATE INDEX "objections_key14_due_at_id_idx" ON "objections"("key14", "due_at", "id");
