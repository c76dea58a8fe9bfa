-- CreateIndex
CREATE INDEX "cases_receipt_cookie" ON "cases"("receipt_cookie_hash") WHERE (receipt_cookie_hash IS NOT NULL);
