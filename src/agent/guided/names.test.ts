import { describe, expect, it } from 'vitest';
import { introducedName } from './names.js';

describe('a name that somebody introduces as their own', () => {
  it.each([
    ['My name is Fatmata Kamara and I live in Bo', 'Fatmata Kamara'],
    ['my name is JOHN kamara conteh', 'JOHN kamara conteh'],
    ['MY NAME IS JOHN KAMARA AND THE POLICE BEAT ME', 'JOHN KAMARA'],
    ['my name is john kamara. I live in Bo', 'john kamara'],
    ['my name is mohamed ahmed, from makeni', 'mohamed ahmed'],
    ['My name is Abu B. Kamara from Kenema', 'Abu B. Kamara'],
    ["my name's Mary-Ann O'Neil", "Mary-Ann O'Neil"],
    ['my names are isatu sesay', 'isatu sesay'],
    ['my full name is Alhaji Musa Sorie Conteh I am a teacher', 'Alhaji Musa Sorie Conteh'],
    ['My surname is Kpaka', 'Kpaka'],
    ['name: fatu k.', 'fatu k'],
    ['mi nem na Musa', 'Musa'],
    ['Mi nem na musa conteh, a kɔmɔt Bo', 'musa conteh'],
    ['mi name na FATU SESAY', 'FATU SESAY'],
    ['MI NEM NA FATU', 'FATU'],
    ['mi nem Mariama Bah', 'Mariama Bah'],
    ['na mi Musa Conteh', 'Musa Conteh'],
    ['na mi musa', 'musa'],
    ['I am Musa Conteh', 'Musa Conteh'],
    ['i am john kamara', 'john kamara'],
    ['I AM JOHN KAMARA', 'JOHN KAMARA'],
    ["I'm mariama sesay from Bo", 'mariama sesay'],
    ['this is Fatmata Bangura speaking', 'Fatmata Bangura'],
    ['they call me Foday', 'Foday'],
    ['dɛn de kɔl mi Sorie', 'Sorie'],
    ['Please help. Regards, Isatu Koroma', 'Isatu Koroma'],
  ])('in "%s" is %s', (text, name) => {
    expect(introducedName(text)).toBe(name);
  });

  it.each([
    'I am tired of waiting',
    'I AM VERY TIRED OF WAITING',
    'I am not sure',
    'I am from Kenema',
    'my name is not on the list',
    'MY NAME IS NOT ON THE PAYROLL',
    'my name was removed from the voucher',
    'my name is missing',
    'do not tell my name to the headmaster',
    'with my name',
    'use my name please',
    'without my name',
    'call me back',
    'call me on 076 123 456',
    'This is James Street',
    'this is about the police',
    'This is Mental Health Week',
    'na mi brɔda du am',
    'mi nem nɔ de na di list',
    'they wrote my name wrong',
    'What is my name worth to them?',
  ])('is not in "%s"', (text) => {
    expect(introducedName(text)).toBeUndefined();
  });
});
