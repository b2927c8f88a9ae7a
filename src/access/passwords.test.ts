import { describe, expect, it } from 'vitest';
import type { AppError } from '../domain/errors.js';
import { hashNewPassword, isPassword } from './passwords.js';

const ada = { name: 'ada.byron@example.com', displayName: 'Ada King-Byron' };

describe('a new password', () => {
  it.each([
    ['1234567890', 'password-common'],
    ['password12', 'password-common'],
    ['P@ssw0rd123!', 'password-common'],
    ['p a s s w o r d 1 2', 'password-common'],
    ['pass-word-12', 'password-common'],
    ['１２３４５６７８９０', 'password-common'],
    ['1234\u200b567890', 'password-common'],
    ['iloveyou2024', 'password-common'],
    ['Summer2024!', 'password-common'],
    ['woaini1314520', 'password-common'],
    ['mima123456', 'password-common'],
    ['qwertyuiop', 'password-common'],
    ['ada.byron@example.com', 'password-personal'],
    ['ada.byron1', 'password-personal'],
    ['AdaByron2024', 'password-personal'],
    ['byron.ada!', 'password-personal'],
    ['norybada12', 'password-personal'],
    ['ada king-byron', 'password-personal'],
    ['Earshot2024!', 'password-personal'],
    ['earshotearshot', 'password-simple'],
    ['abcdefghij', 'password-simple'],
    ['aaaaaaaaaaaaaaaa', 'password-simple'],
    ['密码密码密码密码密码', 'password-simple'],
    ['19840317 19840317', 'password-simple'],
    ['          ', 'password-simple'],
    ['a'.repeat(80), 'password-simple'],
  ])('that is %j is refused as %s', async (password, code) => {
    const refusal: unknown = await hashNewPassword(password, ada).catch((error: unknown) => error);
    expect((refusal as AppError).code).toBe(code);
    expect((refusal as AppError).message).not.toContain(password);
  });

  it.each([
    'a long enough password',
    'another long one',
    'correct horse battery',
    'x7#kQ9vLm2',
    'ada likes brown teapots',
    '四个互不相关的词语组成',
    'ab1 '.repeat(3) + 'zebra mostly sings',
  ])('that is %j is taken', async (password) => {
    expect(await isPassword(password, await hashNewPassword(password, ada))).toBe(true);
  });
});
