/// Which letters go first: the migration of the queue after ``SchemaOfPeople``.
enum SchemaOfLetters {
  static let priority = """
    ALTER TABLE mail ADD COLUMN priority INTEGER NOT NULL DEFAULT 1 CHECK (priority IN (0, 1, 2));
    UPDATE mail SET priority = 2 WHERE json_type(letter, '$.newTexts') IS NOT NULL;
    UPDATE mail SET priority = 0 WHERE EXISTS (SELECT 1 FROM json_each(letter) WHERE json_type(value, '$.token') = 'text');
    DROP INDEX mail_due;
    CREATE INDEX mail_due ON mail (priority, next_try_at);
    """
}
