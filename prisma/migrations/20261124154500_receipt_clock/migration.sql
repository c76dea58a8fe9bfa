-- CreateIndex
CREATE INDEX "cases_receipt_until_idx" ON "cases"("receipt_until") WHERE (receipt_until IS NOT NULL);
