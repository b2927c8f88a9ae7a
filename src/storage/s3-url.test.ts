import { describe, expect, it } from 'vitest';
import { parseS3Url } from './s3-url.js';

describe('the URL of an object storage', () => {
  it('needs a bucket and nothing else', () => {
    const { keyOf, ...place } = parseS3Url('s3://recordings');
    expect(keyOf('2025-05-22/a.wav')).toBe('2025-05-22/a.wav');
    expect(place).toEqual({
      ...{ bucket: 'recordings', prefix: '', isPathStyle: false, isPresigned: false },
      partBytes: 8 * 1024 * 1024,
    });
  });

  it('says everything else in its parameters', () => {
    const url =
      's3://recordings/calls/all/?endpoint=https://oss.example.com/&region=cn-hangzhou&pathStyle=false' +
      '&key={year}/{month}/{day}/{name}&sse=aws:kms&kmsKeyId=alias/calls&partMiB=16&redirect=presigned';
    const { keyOf, ...place } = parseS3Url(url);
    expect(keyOf('2025-05-22/a.wav')).toBe('2025/05/22/a.wav');
    expect(place).toEqual({
      ...{ bucket: 'recordings', prefix: 'calls/all/', region: 'cn-hangzhou', isPathStyle: false },
      ...{ endpoint: 'https://oss.example.com', isPresigned: true, partBytes: 16 * 1024 * 1024 },
      encryption: { kind: 'aws:kms', keyId: 'alias/calls' },
    });
  });

  it('has the bucket in the path, and some region, at a server that is not Amazon’s', () => {
    expect(parseS3Url('s3://b-1/?endpoint=http://10.0.0.1:9000')).toMatchObject({
      ...{ endpoint: 'http://10.0.0.1:9000', isPathStyle: true, region: 'us-east-1', prefix: '' },
    });
  });

  it.each([
    ['https://oss-cn-hangzhou.aliyuncs.com', 'https://oss-cn-hangzhou.aliyuncs.com'],
    ['http://oss-cn-hangzhou-internal.aliyuncs.com/', 'http://oss-cn-hangzhou-internal.aliyuncs.com'],
    ['https://S3.OSS-cn-hangzhou.aliyuncs.com', 'https://s3.oss-cn-hangzhou.aliyuncs.com'],
    ['https://recordings.oss-cn-hangzhou.aliyuncs.com', 'https://oss-cn-hangzhou.aliyuncs.com'],
    ['https://cos.ap-guangzhou.myqcloud.com', 'https://cos.ap-guangzhou.myqcloud.com'],
    ['https://obs.cn-north-4.myhuaweicloud.com:443', 'https://obs.cn-north-4.myhuaweicloud.com'],
    ['https://tos-s3-cn-beijing.volces.com', 'https://tos-s3-cn-beijing.volces.com'],
    ['https://s3.eu-west-1.amazonaws.com', 'https://s3.eu-west-1.amazonaws.com'],
  ])('has the bucket in the host name at %s, and only there', (given, endpoint) => {
    expect(parseS3Url(`s3://recordings?endpoint=${given}`)).toMatchObject({ endpoint, isPathStyle: false });
  });

  it('does in the path what is asked for, what a certificate wants, and what only looks like such a storage', () => {
    const oss = 'https://oss-cn-hangzhou.aliyuncs.com';
    for (const url of [
      `s3://recordings?endpoint=${oss}&pathStyle=true`,
      `s3://re.cordings?endpoint=${oss}`,
      's3://recordings?endpoint=https://aliyuncs.com.example.net',
      's3://recordings?endpoint=https://notaliyuncs.com',
    ])
      expect(parseS3Url(url)).toMatchObject({ isPathStyle: true });
  });

  it.each([
    ['https://recordings', 's3://bucket/prefix'],
    ['s3://', 'bucket'],
    ['s3:///prefix', 'bucket'],
    ['s3://recordings/.hidden', 'prefix'],
    ['s3://recordings/a b', 'prefix'],
    ['s3://recordings?acl=public', '"acl"'],
    ['s3://recordings?region=a&region=b', 'twice'],
    ['s3://recordings?endpoint=oss.example.com', 'endpoint'],
    ['s3://recordings?endpoint=https://oss.example.com?x=1', 'endpoint'],
    ['s3://recordings?pathStyle=yes', 'true or false'],
    ['s3://recordings?sse=none', 'AES256 or aws:kms'],
    ['s3://recordings?kmsKeyId=1', 'sse=aws:kms'],
    ['s3://recordings?sse=AES256&kmsKeyId=1', 'sse=aws:kms'],
    ['s3://recordings?partMiB=4', '5 to 512'],
    ['s3://recordings?redirect=always', 'presigned'],
    ['s3://recordings?key={date}', '{name}'],
  ])('%s is refused with a sentence that says %j', (url, word) => {
    expect(() => parseS3Url(url)).toThrow(word);
  });

  it('never repeats what may be a key', () => {
    for (const url of [
      's3://AKIDGEHEIM:geheim@recordings',
      's3://b1/?endpoint=https://AK:geheim@oss.example.com',
    ]) {
      expect(() => parseS3Url(url)).toThrow(/^(?!.*geheim)/i);
    }
  });
});
