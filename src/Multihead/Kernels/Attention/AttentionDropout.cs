namespace Multihead.Kernels.Attention;
internal struct AttentionDropout { public float Rate; public ulong Seed, Stream;
 public readonly unsafe void Mask(ulong row, int key, int count, float* mask) { for (int i=0;i<count;i++){ ulong x=(row*0x9E3779B97F4A7C15UL+(ulong)(key+i)*0xD1B54A32D192ED03UL)^Seed; x^=x>>31; x*=0xBF58476D1CE4E5B9UL; x^=x>>29; mask[i]=(x&0xFFFFFF)/16777216.0<Rate?0:1/(1-Rate);} } }
