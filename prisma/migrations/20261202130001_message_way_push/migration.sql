-- AlterEnum
ALTER TYPE "message_way" ADD VALUE 'push';
