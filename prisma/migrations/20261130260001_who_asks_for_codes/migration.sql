-- AlterTable
ALTER TABLE "contact_codes" ADD COLUMN     "asker" BYTEA;

-- AlterTable
ALTER TABLE "code_sends" ADD COLUMN     "own_id" UUID,
ADD COLUMN     "network_hash" BYTEA,
ADD COLUMN     "purpose" "code_purpose";
