-- CreateEnum
CREATE TYPE "message_way" AS ENUM ('mail', 'sms', 'zalo');

-- CreateEnum
CREATE TYPE "message_delivery" AS ENUM ('delivered', 'undelivered');

-- AlterTable
ALTER TABLE "notices" ADD COLUMN     "delivery" "message_delivery",
ADD COLUMN     "reported_at" TIMESTAMPTZ(3),
ADD COLUMN     "way" "message_way";

-- CreateTable
CREATE TABLE "message_counts" (
    "day" DATE NOT NULL,
    "way" "message_way" NOT NULL,
    "outcome" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "segments" INTEGER NOT NULL,

    CONSTRAINT "message_counts_pkey" PRIMARY KEY ("day","way","outcome","code")
);

-- CreateTable
CREATE TABLE "zalo_tokens" (
    "one" BOOLEAN NOT NULL DEFAULT true,
    "sealed" BYTEA NOT NULL,
    "seed_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "fault" TEXT,

    CONSTRAINT "zalo_tokens_pkey" PRIMARY KEY ("one")
);

ALTER TABLE "zalo_tokens" ADD CONSTRAINT "zalo_tokens_one" CHECK ("one");
