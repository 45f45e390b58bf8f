import { describe, expect, it } from 'vitest';
import { engineArguments, engineConfiguration } from './engine-settings.ts';

const alone = { folder: '/var/tmp/runlayer-docker-AbCdEf', neighbour: false, withoutFirewall: false, seat: 7 };

describe('engineArguments', () => {
  it('keeps everything that has a path below the own folder', () => {
    const paths = engineArguments(alone).filter((word) => word.includes('/'));
    expect(paths).toHaveLength(5);
    expect(paths.every((word) => word.includes(`${alone.folder}/`))).toBe(true);
  });

  it('leaves the network to the engine when it is alone', () => {
    expect(engineArguments(alone).join(' ')).not.toMatch(/iptables|cidr|bridge/);
  });

  it('touches no firewall rule of a neighbour and takes addresses of its own', () => {
    expect(engineArguments({ ...alone, neighbour: true })).toEqual(
      expect.arrayContaining(['--iptables=false', '--fixed-cidr=172.17.107.0/24']),
    );
  });

  it('can do without firewall rules', () => {
    expect(engineArguments({ ...alone, withoutFirewall: true })).toContain('--iptables=false');
  });
});

describe('engineConfiguration', () => {
  it('keeps what the network needs of the system configuration, and no place', () => {
    const text = JSON.stringify({ 'registry-mirrors': ['https://m'], 'data-root': '/data', hosts: ['tcp://0.0.0.0'] });
    expect(engineConfiguration(text)).toEqual({
      'registry-mirrors': ['https://m'],
      features: { buildkit: true, 'containerd-snapshotter': false },
    });
  });

  it.each(['', 'null', '[]', '{broken'])('takes %j for an empty one', (text) => {
    expect(Object.keys(engineConfiguration(text))).toEqual(['features']);
  });
});
