-- Accounts page by page, and by some letters of a name or an address.
CREATE INDEX "staff_accounts_active_role_name_id_idx" ON "staff_accounts"("active", "role", "name", "id");
CREATE INDEX "staff_accounts_sought" ON "staff_accounts" USING GIN ("email" gin_trgm_ops, "name" gin_trgm_ops);
